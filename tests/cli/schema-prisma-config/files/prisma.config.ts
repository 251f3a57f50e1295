export default { schema: "other.prisma" }

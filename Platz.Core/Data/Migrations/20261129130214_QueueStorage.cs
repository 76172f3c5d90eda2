using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class QueueStorage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Nobody asks for it, no task is ever deleted, and with it no end of a task could be a heap-only update.
            migrationBuilder.DropIndex(
                name: "ix_deployments_revision_id",
                table: "deployments");
            migrationBuilder.Sql(Storage);
            migrationBuilder.Sql(Notify);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new NotSupportedException("Migrations go forward only: a database is restored from its backup.");
    }
}

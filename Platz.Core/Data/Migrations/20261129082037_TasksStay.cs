using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class TasksStay : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Keep);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new NotSupportedException("Migrations go forward only: a database is restored from its backup.");
    }
}

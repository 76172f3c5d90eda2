using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class TaskMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "message",
                table: "deployment_tasks",
                type: "text",
                nullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_deployment_tasks_message",
                table: "deployment_tasks",
                sql: "char_length(message) <= 500");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_deployment_tasks_message",
                table: "deployment_tasks");

            migrationBuilder.DropColumn(
                name: "message",
                table: "deployment_tasks");
        }
    }
}

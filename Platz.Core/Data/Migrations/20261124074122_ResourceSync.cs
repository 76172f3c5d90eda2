using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class ResourceSync : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "failed_sync",
                table: "deployment_resources",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "deployment_resources",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddCheckConstraint(
                name: "ck_deployment_resources_failed_sync",
                table: "deployment_resources",
                sql: "failed_sync IS NULL OR (sync_status = 'Error' AND failed_sync IN ('Creating', 'Updating', 'Deleting'))");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_deployment_resources_failed_sync",
                table: "deployment_resources");

            migrationBuilder.DropColumn(
                name: "failed_sync",
                table: "deployment_resources");

            migrationBuilder.DropColumn(
                name: "version",
                table: "deployment_resources");
        }
    }
}

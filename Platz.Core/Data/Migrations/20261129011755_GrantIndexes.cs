using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class GrantIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_env_user_permissions_bot_id",
                table: "env_user_permissions",
                column: "bot_id",
                filter: "bot_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_env_user_permissions_user_id",
                table: "env_user_permissions",
                column: "user_id",
                filter: "user_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_permissions_bot_id",
                table: "deployment_permissions",
                column: "bot_id",
                filter: "bot_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_permissions_user_id",
                table: "deployment_permissions",
                column: "user_id",
                filter: "user_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_env_user_permissions_bot_id",
                table: "env_user_permissions");

            migrationBuilder.DropIndex(
                name: "ix_env_user_permissions_user_id",
                table: "env_user_permissions");

            migrationBuilder.DropIndex(
                name: "ix_deployment_permissions_bot_id",
                table: "deployment_permissions");

            migrationBuilder.DropIndex(
                name: "ix_deployment_permissions_user_id",
                table: "deployment_permissions");
        }
    }
}

using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Insight : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "insight_days",
                columns: table => new
                {
                    scope_id = table.Column<Guid>(type: "uuid", nullable: false),
                    env_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    tasks = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    open_outages = table.Column<int>(type: "integer", nullable: false),
                    counts = table.Column<int[]>(type: "integer[]", nullable: false),
                    runs = table.Column<int[]>(type: "integer[]", nullable: false),
                    waits = table.Column<int[]>(type: "integer[]", nullable: false),
                    restores = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_insight_days", x => new { x.scope_id, x.day, x.env_id });
                    table.CheckConstraint("ck_insight_days_scope", "scope_id = coalesce(deployment_id, env_id)");
                    table.ForeignKey(
                        name: "fk_insight_days_envs_env_id",
                        column: x => x.env_id,
                        principalTable: "envs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "insight_late_tasks",
                columns: table => new
                {
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_insight_late_tasks", x => x.task_id);
                });

            migrationBuilder.CreateTable(
                name: "insight_outages",
                columns: table => new
                {
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    env_id = table.Column<Guid>(type: "uuid", nullable: false),
                    failed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_insight_outages", x => x.deployment_id);
                    table.ForeignKey(
                        name: "fk_insight_outages_envs_env_id",
                        column: x => x.env_id,
                        principalTable: "envs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "insight_progress",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    open_from = table.Column<DateOnly>(type: "date", nullable: false),
                    counted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_insight_progress", x => x.id);
                    table.CheckConstraint("ck_insight_progress_one_row", "id = 1");
                });

            migrationBuilder.CreateIndex(
                name: "ix_insight_days_env",
                table: "insight_days",
                columns: new[] { "env_id", "day", "deployment_id" },
                filter: "deployment_id IS NOT NULL")
                .Annotation("Npgsql:IndexInclude", new[] { "tasks", "failed" });

            migrationBuilder.CreateIndex(
                name: "ix_insight_late_tasks_deployment",
                table: "insight_late_tasks",
                column: "deployment_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "insight_days");

            migrationBuilder.DropTable(
                name: "insight_late_tasks");

            migrationBuilder.DropTable(
                name: "insight_outages");

            migrationBuilder.DropTable(
                name: "insight_progress");
        }
    }
}

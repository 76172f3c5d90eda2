using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class TaskLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_env",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_history",
                table: "deployment_tasks");

            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.Sql(Columns);

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_actor",
                table: "deployment_tasks",
                columns: new[] { "env_id", "actor_id", "created_at", "id" })
                .Annotation("Npgsql:IndexInclude", new[] { "deployment_id", "cluster_id", "trouble", "op_kind" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_cluster",
                table: "deployment_tasks",
                columns: new[] { "env_id", "cluster_id", "created_at", "id" })
                .Annotation("Npgsql:IndexInclude", new[] { "deployment_id", "trouble", "op_kind", "actor_id" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_env",
                table: "deployment_tasks",
                columns: new[] { "env_id", "created_at", "id" })
                .Annotation("Npgsql:IndexInclude", new[] { "deployment_id", "cluster_id", "trouble", "op_kind", "actor_id" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_env_text",
                table: "deployment_tasks",
                columns: new[] { "env_id", "created_at", "id" },
                filter: "summary IS NOT NULL")
                .Annotation("Npgsql:IndexInclude", new[] { "deployment_id", "cluster_id", "trouble", "op_kind", "actor_id", "summary" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_history",
                table: "deployment_tasks",
                columns: new[] { "deployment_id", "created_at", "id" })
                .Annotation("Npgsql:IndexInclude", new[] { "env_id", "cluster_id", "trouble", "op_kind", "actor_id" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_history_text",
                table: "deployment_tasks",
                columns: new[] { "deployment_id", "created_at", "id" },
                filter: "summary IS NOT NULL")
                .Annotation("Npgsql:IndexInclude", new[] { "env_id", "cluster_id", "trouble", "op_kind", "actor_id", "summary" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_operation",
                table: "deployment_tasks",
                columns: new[] { "env_id", "op_kind", "created_at", "id" })
                .Annotation("Npgsql:IndexInclude", new[] { "deployment_id", "cluster_id", "trouble", "actor_id" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_retry_of",
                table: "deployment_tasks",
                column: "retry_of_task_id",
                filter: "retry_of_task_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_rollback_of",
                table: "deployment_tasks",
                column: "rollback_of_task_id",
                filter: "rollback_of_task_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_trigrams",
                table: "deployment_tasks",
                column: "summary",
                filter: "summary IS NOT NULL")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_trouble",
                table: "deployment_tasks",
                columns: new[] { "env_id", "trouble", "created_at", "id" },
                filter: "trouble IS NOT NULL")
                .Annotation("Npgsql:IndexInclude", new[] { "deployment_id", "cluster_id", "op_kind", "actor_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_actor",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_cluster",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_env",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_env_text",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_history",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_history_text",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_operation",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_retry_of",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_rollback_of",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_trigrams",
                table: "deployment_tasks");

            migrationBuilder.DropIndex(
                name: "ix_deployment_tasks_trouble",
                table: "deployment_tasks");

            migrationBuilder.DropColumn(
                name: "actor_id",
                table: "deployment_tasks");

            migrationBuilder.DropColumn(
                name: "summary",
                table: "deployment_tasks");

            migrationBuilder.DropColumn(
                name: "trouble",
                table: "deployment_tasks");

            migrationBuilder.AlterDatabase()
                .OldAnnotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_env",
                table: "deployment_tasks",
                columns: new[] { "env_id", "created_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_history",
                table: "deployment_tasks",
                columns: new[] { "deployment_id", "created_at", "id" },
                descending: new[] { false, true, true });
        }
    }
}

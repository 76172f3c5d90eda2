using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class ChartsAndResources : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "secrets",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "created_at",
                table: "k8s_resources",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "clock_timestamp()");

            migrationBuilder.AddColumn<int>(
                name: "desired",
                table: "k8s_resources",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "message",
                table: "k8s_resources",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "owner_id",
                table: "k8s_resources",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ready",
                table: "k8s_resources",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "restarts",
                table: "k8s_resources",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "state",
                table: "k8s_resources",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ingress_address",
                table: "k8s_clusters",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ingress_ca",
                table: "k8s_clusters",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "ingress_cidrs",
                table: "k8s_clusters",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "default_values",
                table: "helm_charts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "reader_version",
                table: "helm_charts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "reinstall_dependencies",
                table: "helm_charts",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<string>(
                name: "values_override_yaml",
                table: "deployments",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "deployment_credentials",
                columns: table => new
                {
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_credentials", x => x.deployment_id);
                    table.ForeignKey(
                        name: "fk_deployment_credentials_deployments_deployment_id",
                        column: x => x.deployment_id,
                        principalTable: "deployments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "deployment_resource_types",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    env_id = table.Column<Guid>(type: "uuid", nullable: true),
                    deployment_kind_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    spec = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_resource_types", x => x.id);
                    table.CheckConstraint("ck_deployment_resource_types_key", "key <> ''");
                    table.ForeignKey(
                        name: "fk_deployment_resource_types_deployment_kinds_deployment_kind_",
                        column: x => x.deployment_kind_id,
                        principalTable: "deployment_kinds",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_resource_types_envs_env_id",
                        column: x => x.env_id,
                        principalTable: "envs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "deployment_resources",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    type_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    name = table.Column<string>(type: "text", nullable: false),
                    exists = table.Column<bool>(type: "boolean", nullable: false),
                    props = table.Column<string>(type: "jsonb", nullable: false),
                    sync_status = table.Column<string>(type: "text", nullable: false),
                    sync_reason = table.Column<string>(type: "text", nullable: true),
                    sync_attempts = table.Column<int>(type: "integer", nullable: false),
                    sync_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_resources", x => x.id);
                    table.CheckConstraint("ck_deployment_resources_name", "name <> ''");
                    table.CheckConstraint("ck_deployment_resources_sync_status", "sync_status IN ('Creating', 'Updating', 'Deleting', 'Ready', 'Error')");
                    table.ForeignKey(
                        name: "fk_deployment_resources_deployments_deployment_id",
                        column: x => x.deployment_id,
                        principalTable: "deployments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_resources_resource_types_type_id",
                        column: x => x.type_id,
                        principalTable: "deployment_resource_types",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_secrets_names",
                table: "secrets",
                sql: "collection <> '' AND name <> ''");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_credentials_expires_at",
                table: "deployment_credentials",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_resource_types_deployment_kind_id_key_env_id",
                table: "deployment_resource_types",
                columns: new[] { "deployment_kind_id", "key", "env_id" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_deployment_resources_deployment_id",
                table: "deployment_resources",
                column: "deployment_id");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_resources_sync_at",
                table: "deployment_resources",
                column: "sync_at",
                filter: "sync_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deployment_resources_type_id_name",
                table: "deployment_resources",
                columns: new[] { "type_id", "name" },
                unique: true,
                filter: "exists");

            migrationBuilder.Sql(Notify);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new NotSupportedException("Migrations go forward only: a database is restored from its backup.");
    }
}

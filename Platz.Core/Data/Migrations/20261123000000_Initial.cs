using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "bots",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    display_name = table.Column<string>(type: "text", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bots", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    xml = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "deployment_kinds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_kinds", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "envs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    name = table.Column<string>(type: "text", nullable: false),
                    node_selector = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    tolerations = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'[]'"),
                    auto_add_new_users = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_envs", x => x.id);
                    table.CheckConstraint("ck_envs_name", "name <> ''");
                });

            migrationBuilder.CreateTable(
                name: "settings",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_settings", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    display_name = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    is_admin = table.Column<bool>(type: "boolean", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "helm_registries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    domain_name = table.Column<string>(type: "text", nullable: false),
                    repo_name = table.Column<string>(type: "text", nullable: false),
                    kind_id = table.Column<Guid>(type: "uuid", nullable: false),
                    available = table.Column<bool>(type: "boolean", nullable: false),
                    fa_icon = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    source_name = table.Column<string>(type: "text", nullable: false),
                    plain_http = table.Column<bool>(type: "boolean", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_helm_registries", x => x.id);
                    table.CheckConstraint("ck_helm_registries_provider", "provider IN ('Oci', 'Ecr')");
                    table.ForeignKey(
                        name: "fk_helm_registries_deployment_kinds_kind_id",
                        column: x => x.kind_id,
                        principalTable: "deployment_kinds",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "k8s_clusters",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    env_id = table.Column<Guid>(type: "uuid", nullable: true),
                    provider_id = table.Column<string>(type: "text", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    region_name = table.Column<string>(type: "text", nullable: false),
                    is_ok = table.Column<bool>(type: "boolean", nullable: false),
                    not_ok_reason = table.Column<string>(type: "text", nullable: true),
                    ignore = table.Column<bool>(type: "boolean", nullable: false),
                    ingress_domain = table.Column<string>(type: "text", nullable: true),
                    ingress_class = table.Column<string>(type: "text", nullable: true),
                    ingress_tls_secret_name = table.Column<string>(type: "text", nullable: true),
                    grafana_url = table.Column<string>(type: "text", nullable: true),
                    grafana_datasource_name = table.Column<string>(type: "text", nullable: true),
                    kubeconfig = table.Column<byte[]>(type: "bytea", nullable: true),
                    is_sandbox = table.Column<bool>(type: "boolean", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_k8s_clusters", x => x.id);
                    table.ForeignKey(
                        name: "fk_k8s_clusters_envs_env_id",
                        column: x => x.env_id,
                        principalTable: "envs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    env_id = table.Column<Guid>(type: "uuid", nullable: false),
                    collection = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    contents = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_secrets", x => x.id);
                    table.ForeignKey(
                        name: "fk_secrets_envs_env_id",
                        column: x => x.env_id,
                        principalTable: "envs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "api_tokens",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    bot_id = table.Column<Guid>(type: "uuid", nullable: true),
                    name = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_tokens", x => x.id);
                    table.CheckConstraint("ck_api_tokens_one_owner", "num_nonnulls(user_id, bot_id) = 1");
                    table.ForeignKey(
                        name: "fk_api_tokens_bots_bot_id",
                        column: x => x.bot_id,
                        principalTable: "bots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_api_tokens_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "deployment_permissions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    env_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    bot_id = table.Column<Guid>(type: "uuid", nullable: true),
                    role = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_permissions", x => x.id);
                    table.CheckConstraint("ck_deployment_permissions_one_owner", "num_nonnulls(user_id, bot_id) = 1");
                    table.CheckConstraint("ck_deployment_permissions_role", "role IN ('Maintainer', 'Owner')");
                    table.ForeignKey(
                        name: "fk_deployment_permissions_bots_bot_id",
                        column: x => x.bot_id,
                        principalTable: "bots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_deployment_permissions_deployment_kinds_kind_id",
                        column: x => x.kind_id,
                        principalTable: "deployment_kinds",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_permissions_envs_env_id",
                        column: x => x.env_id,
                        principalTable: "envs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_deployment_permissions_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "env_user_permissions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    env_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    bot_id = table.Column<Guid>(type: "uuid", nullable: true),
                    role = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_env_user_permissions", x => x.id);
                    table.CheckConstraint("ck_env_user_permissions_one_owner", "num_nonnulls(user_id, bot_id) = 1");
                    table.CheckConstraint("ck_env_user_permissions_role", "role IN ('User', 'Admin')");
                    table.ForeignKey(
                        name: "fk_env_user_permissions_bots_bot_id",
                        column: x => x.bot_id,
                        principalTable: "bots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_env_user_permissions_envs_env_id",
                        column: x => x.env_id,
                        principalTable: "envs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_env_user_permissions_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_links",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_in_links", x => x.hash);
                    table.ForeignKey(
                        name: "fk_sign_in_links_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "helm_charts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    helm_registry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    image_digest = table.Column<string>(type: "text", nullable: false),
                    image_tag = table.Column<string>(type: "text", nullable: false),
                    available = table.Column<bool>(type: "boolean", nullable: false),
                    chart_name = table.Column<string>(type: "text", nullable: false),
                    app_version = table.Column<string>(type: "text", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true),
                    values_ui = table.Column<string>(type: "jsonb", nullable: true),
                    actions_schema = table.Column<string>(type: "jsonb", nullable: true),
                    features = table.Column<string>(type: "jsonb", nullable: true),
                    resource_types = table.Column<string>(type: "jsonb", nullable: true),
                    extension_files = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    error = table.Column<string>(type: "text", nullable: true),
                    parsed_version = table.Column<string>(type: "text", nullable: true),
                    parsed_revision = table.Column<string>(type: "text", nullable: true),
                    parsed_branch = table.Column<string>(type: "text", nullable: true),
                    parsed_commit = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_helm_charts", x => x.id);
                    table.ForeignKey(
                        name: "fk_helm_charts_helm_registries_helm_registry_id",
                        column: x => x.helm_registry_id,
                        principalTable: "helm_registries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "deployment_dependencies",
                columns: table => new
                {
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    target_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_dependencies", x => new { x.deployment_id, x.kind, x.target_id });
                    table.CheckConstraint("ck_deployment_dependencies_kind", "kind IN ('Deployment', 'Secret', 'Resource')");
                });

            migrationBuilder.CreateTable(
                name: "deployment_task_logs",
                columns: table => new
                {
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    phase = table.Column<string>(type: "text", nullable: false),
                    stream = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    bytes_before = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_task_logs", x => new { x.task_id, x.seq });
                    table.CheckConstraint("ck_deployment_task_logs_stream", "stream IN ('Pod', 'Platz')");
                });

            migrationBuilder.CreateTable(
                name: "deployment_task_phases",
                columns: table => new
                {
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<int>(type: "integer", nullable: false),
                    phase = table.Column<string>(type: "text", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: true),
                    log_position = table.Column<string>(type: "text", nullable: true, comment: "How far the pod's log is stored; see TaskLog")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_task_phases", x => new { x.task_id, x.seq });
                    table.CheckConstraint("ck_deployment_task_phases_outcome", "outcome IN ('Done', 'Failed', 'Skipped', 'Interrupted')");
                });

            migrationBuilder.CreateTable(
                name: "deployment_tasks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    env_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    run_cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    operation = table.Column<string>(type: "jsonb", nullable: false),
                    op_kind = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    effect = table.Column<string>(type: "text", nullable: true),
                    phase = table.Column<string>(type: "text", nullable: true),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    lease_owner = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    execute_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    first_attempted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    acting_user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    acting_bot_id = table.Column<Guid>(type: "uuid", nullable: true),
                    acting_deployment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    canceled_by_user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    canceled_by_bot_id = table.Column<Guid>(type: "uuid", nullable: true),
                    canceled_by_deployment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    cancel_requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cancel_reason = table.Column<string>(type: "text", nullable: true),
                    actor_name = table.Column<string>(type: "text", nullable: false),
                    canceled_by_name = table.Column<string>(type: "text", nullable: true),
                    kind_name = table.Column<string>(type: "text", nullable: false),
                    deployment_name = table.Column<string>(type: "text", nullable: false),
                    cluster_name = table.Column<string>(type: "text", nullable: false),
                    @namespace = table.Column<string>(name: "namespace", type: "text", nullable: false),
                    chart_version = table.Column<string>(type: "text", nullable: true),
                    prev_chart_version = table.Column<string>(type: "text", nullable: true),
                    retry_of_task_id = table.Column<Guid>(type: "uuid", nullable: true),
                    rollback_of_task_id = table.Column<Guid>(type: "uuid", nullable: true),
                    group_id = table.Column<Guid>(type: "uuid", nullable: true),
                    idempotency_key = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployment_tasks", x => x.id);
                    table.CheckConstraint("ck_deployment_tasks_effect", "effect IN ('None', 'Partial', 'Complete')");
                    table.CheckConstraint("ck_deployment_tasks_execute_at", "execute_at >= '1970-01-01Z' AND execute_at < '2100-01-01Z'");
                    table.CheckConstraint("ck_deployment_tasks_finished", "(finished_at IS NOT NULL) = (status IN ('Done', 'Failed', 'Canceled'))");
                    table.CheckConstraint("ck_deployment_tasks_one_actor", "num_nonnulls(acting_user_id, acting_bot_id, acting_deployment_id) = 1");
                    table.CheckConstraint("ck_deployment_tasks_one_canceler", "num_nonnulls(canceled_by_user_id, canceled_by_bot_id, canceled_by_deployment_id) <= 1");
                    table.CheckConstraint("ck_deployment_tasks_reason", "octet_length(reason) <= 16384");
                    table.CheckConstraint("ck_deployment_tasks_started", "status IN ('Pending', 'Canceled') OR started_at IS NOT NULL");
                    table.CheckConstraint("ck_deployment_tasks_status", "status IN ('Pending', 'Started', 'Done', 'Failed', 'Canceled')");
                    table.ForeignKey(
                        name: "fk_deployment_tasks_bots_acting_bot_id",
                        column: x => x.acting_bot_id,
                        principalTable: "bots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_tasks_bots_canceled_by_bot_id",
                        column: x => x.canceled_by_bot_id,
                        principalTable: "bots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_tasks_envs_env_id",
                        column: x => x.env_id,
                        principalTable: "envs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_tasks_k8s_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "k8s_clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_tasks_k8s_clusters_run_cluster_id",
                        column: x => x.run_cluster_id,
                        principalTable: "k8s_clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_tasks_users_acting_user_id",
                        column: x => x.acting_user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployment_tasks_users_canceled_by_user_id",
                        column: x => x.canceled_by_user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "deployments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()"),
                    name = table.Column<string>(type: "text", nullable: false),
                    kind_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    @namespace = table.Column<string>(name: "namespace", type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    description_md = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    reported_status = table.Column<string>(type: "jsonb", nullable: true),
                    helm_chart_id = table.Column<Guid>(type: "uuid", nullable: false),
                    config = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    values_override = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    revision_id = table.Column<Guid>(type: "uuid", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployments", x => x.id);
                    table.CheckConstraint("ck_deployments_namespace", "namespace ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'");
                    table.CheckConstraint("ck_deployments_status", "status IN ('Unknown', 'Installing', 'Renaming', 'Upgrading', 'Running', 'Error', 'Uninstalling', 'Uninstalled', 'Deleting')");
                    table.ForeignKey(
                        name: "fk_deployments_deployment_kinds_kind_id",
                        column: x => x.kind_id,
                        principalTable: "deployment_kinds",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployments_helm_charts_helm_chart_id",
                        column: x => x.helm_chart_id,
                        principalTable: "helm_charts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployments_k8s_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "k8s_clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deployments_tasks_revision_id",
                        column: x => x.revision_id,
                        principalTable: "deployment_tasks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "task_queue",
                columns: table => new
                {
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    run_cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    op_kind = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    execute_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    ready_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    lease_owner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_task_queue", x => x.task_id);
                    table.CheckConstraint("ck_task_queue_lease", "(state = 'Started') = (lease_until IS NOT NULL)");
                    table.CheckConstraint("ck_task_queue_ready", "state <> 'Ready' OR ready_at IS NOT NULL");
                    table.CheckConstraint("ck_task_queue_state", "state IN ('Ready', 'Started', 'Blocked', 'Scheduled')");
                    table.ForeignKey(
                        name: "fk_task_queue_deployment_tasks_task_id",
                        column: x => x.task_id,
                        principalTable: "deployment_tasks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "k8s_resources",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    api_version = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    status_color = table.Column<string[]>(type: "text[]", nullable: false),
                    metadata = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_k8s_resources", x => x.id);
                    table.ForeignKey(
                        name: "fk_k8s_resources_deployments_deployment_id",
                        column: x => x.deployment_id,
                        principalTable: "deployments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_k8s_resources_k8s_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "k8s_clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_api_tokens_hash",
                table: "api_tokens",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_deployment_dependencies_target_id_kind",
                table: "deployment_dependencies",
                columns: new[] { "target_id", "kind" });

            migrationBuilder.CreateIndex(
                name: "ix_deployment_kinds_name",
                table: "deployment_kinds",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_deployment_permissions_env_id_kind_id_bot_id",
                table: "deployment_permissions",
                columns: new[] { "env_id", "kind_id", "bot_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_deployment_permissions_env_id_kind_id_user_id",
                table: "deployment_permissions",
                columns: new[] { "env_id", "kind_id", "user_id" },
                unique: true);

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

            migrationBuilder.CreateIndex(
                name: "ix_deployment_tasks_idempotency",
                table: "deployment_tasks",
                columns: new[] { "deployment_id", "idempotency_key" },
                unique: true,
                filter: "idempotency_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deployments_kind_id_cluster_id",
                table: "deployments",
                columns: new[] { "kind_id", "cluster_id" });

            migrationBuilder.CreateIndex(
                name: "ix_deployments_one_namespace",
                table: "deployments",
                columns: new[] { "cluster_id", "namespace" },
                unique: true,
                filter: "deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_deployments_revision_id",
                table: "deployments",
                column: "revision_id");

            migrationBuilder.CreateIndex(
                name: "ix_env_user_permissions_env_id_bot_id",
                table: "env_user_permissions",
                columns: new[] { "env_id", "bot_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_env_user_permissions_env_id_user_id",
                table: "env_user_permissions",
                columns: new[] { "env_id", "user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_helm_charts_helm_registry_id_image_tag_image_digest",
                table: "helm_charts",
                columns: new[] { "helm_registry_id", "image_tag", "image_digest" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_helm_charts_one_per_tag",
                table: "helm_charts",
                columns: new[] { "helm_registry_id", "image_tag" },
                unique: true,
                filter: "available");

            migrationBuilder.CreateIndex(
                name: "ix_helm_registries_domain_name_repo_name",
                table: "helm_registries",
                columns: new[] { "domain_name", "repo_name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_k8s_clusters_provider_id",
                table: "k8s_clusters",
                column: "provider_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_k8s_resources_cluster_id",
                table: "k8s_resources",
                column: "cluster_id");

            migrationBuilder.CreateIndex(
                name: "ix_k8s_resources_deployment_id",
                table: "k8s_resources",
                column: "deployment_id");

            migrationBuilder.CreateIndex(
                name: "ix_secrets_env_id_collection_name",
                table: "secrets",
                columns: new[] { "env_id", "collection", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_task_queue_due",
                table: "task_queue",
                column: "execute_at",
                filter: "state = 'Scheduled'");

            migrationBuilder.CreateIndex(
                name: "ix_task_queue_lease",
                table: "task_queue",
                column: "lease_until",
                filter: "state = 'Started'");

            migrationBuilder.CreateIndex(
                name: "ix_task_queue_line",
                table: "task_queue",
                columns: new[] { "deployment_id", "execute_at", "created_at", "task_id" },
                filter: "state IN ('Blocked', 'Scheduled')");

            migrationBuilder.CreateIndex(
                name: "ix_task_queue_one_active",
                table: "task_queue",
                column: "deployment_id",
                unique: true,
                filter: "state IN ('Ready', 'Started')");

            migrationBuilder.CreateIndex(
                name: "ix_task_queue_ready",
                table: "task_queue",
                columns: new[] { "run_cluster_id", "ready_at", "task_id" },
                filter: "state = 'Ready'");

            migrationBuilder.AddForeignKey(
                name: "fk_deployment_dependencies_deployments_deployment_id",
                table: "deployment_dependencies",
                column: "deployment_id",
                principalTable: "deployments",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_deployment_task_logs_deployment_tasks_task_id",
                table: "deployment_task_logs",
                column: "task_id",
                principalTable: "deployment_tasks",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "fk_deployment_task_phases_deployment_tasks_task_id",
                table: "deployment_task_phases",
                column: "task_id",
                principalTable: "deployment_tasks",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "fk_deployment_tasks_deployments_acting_deployment_id",
                table: "deployment_tasks",
                column: "acting_deployment_id",
                principalTable: "deployments",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_deployment_tasks_deployments_canceled_by_deployment_id",
                table: "deployment_tasks",
                column: "canceled_by_deployment_id",
                principalTable: "deployments",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_deployment_tasks_deployments_deployment_id",
                table: "deployment_tasks",
                column: "deployment_id",
                principalTable: "deployments",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.Sql(Guard);
            migrationBuilder.Sql(Notify);
            migrationBuilder.Sql(Storage);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new NotSupportedException("The first migration is never taken back: it holds the history.");
    }
}

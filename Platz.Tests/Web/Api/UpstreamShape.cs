using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Tests.Web.Api;

/// <summary>
/// The fields that the generated clients of the existing product require (openapi.yaml of @platzio/sdk 0.6.0-beta.3),
/// with their types; a question mark says that null is allowed, and the field must be there all the same.
/// </summary>
internal static class UpstreamShape
{
    public const string Deployment = """
        id uuid, created_at time, name string, kind_id uuid, cluster_id uuid, enabled bool, status string,
        description_md string?, reason string?, revision_id uuid?, reported_status object?, helm_chart_id uuid,
        config object, values_override object?
        """;

    public const string DeploymentTask = """
        id uuid, created_at time, execute_at time, first_attempted_at time?, started_at time?, finished_at time?,
        cluster_id uuid, deployment_id uuid, acting_user_id uuid?, acting_deployment_id uuid?,
        canceled_by_user_id uuid?, canceled_by_deployment_id uuid?, operation object, status string, reason string?
        """;

    public const string Env = """
        id uuid, created_at time, name string, node_selector object, tolerations array, auto_add_new_users bool
        """;

    public const string K8sCluster = """
        id uuid, env_id uuid?, provider_id string, created_at time, last_seen_at time, name string,
        region_name string, is_ok bool, not_ok_reason string?, ignore bool, ingress_domain string?,
        ingress_class string?, ingress_tls_secret_name string?, grafana_url string?, grafana_datasource_name string?
        """;

    public const string DeploymentKind = "id uuid, created_at time, name string";

    public const string HelmRegistry = """
        id uuid, created_at time, domain_name string, repo_name string, kind_id uuid, available bool, fa_icon string
        """;

    public const string HelmChart = """
        id uuid, created_at time, helm_registry_id uuid, image_digest string, image_tag string, available bool,
        values_ui object?, actions_schema array?, features object?, resource_types array?, error string?,
        tag_format_id uuid?, parsed_version string?, parsed_revision string?, parsed_branch string?,
        parsed_commit string?
        """;

    public const string HelmTagFormat = "id uuid, created_at time, pattern string";

    public const string DeploymentResourceType = """
        id uuid, created_at time, env_id uuid?, deployment_kind_id uuid, key string, spec object
        """;

    public const string DeploymentResource = """
        id uuid, created_at time, type_id uuid, deployment_id uuid?, name string, exists bool, props object,
        sync_status string, sync_reason string?
        """;

    public const string User = """
        id uuid, created_at time, display_name string, email string, is_admin bool, is_active bool
        """;

    public static void AssertIs(string shape, JsonNode item)
    {
        foreach (var field in shape.Split(',', StringSplitOptions.TrimEntries))
        {
            var (name, type) = (field.Split(' ')[0], field.Split(' ')[1]);
            Assert.True(item.AsObject().ContainsKey(name), $"{name} is missing in {item}");
            var isNull = item[name] is null;
            Assert.True(isNull ? type.EndsWith('?') : Is(type.TrimEnd('?'), item[name]!), $"{field}: {item[name]}");
        }
    }

    private static bool Is(string type, JsonNode value) => (type, value.GetValueKind()) switch
    {
        ("uuid", JsonValueKind.String) => Guid.TryParseExact(value.GetValue<string>(), "D", out _),
        ("time", JsonValueKind.String) => value.GetValue<string>() is [.., 'Z'] text
            && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
        ("string", JsonValueKind.String) => true,
        ("bool", JsonValueKind.True or JsonValueKind.False) => true,
        ("object", JsonValueKind.Object) => true,
        ("array", JsonValueKind.Array) => true,
        _ => false,
    };
}

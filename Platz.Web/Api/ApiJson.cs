using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platz.Web.Api.V2;

namespace Platz.Web.Api;

/// <summary>What the API answers, in the field names of the existing product.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(ListPage<DeploymentResponse>))]
[JsonSerializable(typeof(ListPage<DeploymentTaskResponse>))]
[JsonSerializable(typeof(ListPage<EnvResponse>))]
[JsonSerializable(typeof(ListPage<K8sClusterResponse>))]
[JsonSerializable(typeof(ListPage<DeploymentKindResponse>))]
[JsonSerializable(typeof(ListPage<HelmRegistryResponse>))]
[JsonSerializable(typeof(ListPage<HelmChartResponse>))]
[JsonSerializable(typeof(ListPage<HelmTagFormatResponse>))]
[JsonSerializable(typeof(ListPage<SecretResponse>))]
[JsonSerializable(typeof(ListPage<K8sResourceResponse>))]
[JsonSerializable(typeof(ListPage<DeploymentResourceTypeResponse>))]
[JsonSerializable(typeof(ListPage<DeploymentResourceResponse>))]
[JsonSerializable(typeof(ValuesResponse))]
[JsonSerializable(typeof(TaskSliceResponse))]
[JsonSerializable(typeof(LogLineResponse))]
[JsonSerializable(typeof(LogEndResponse))]
[JsonSerializable(typeof(ListPage<UserResponse>))]
[JsonSerializable(typeof(ListPage<BotResponse>))]
[JsonSerializable(typeof(ListPage<UserTokenResponse>))]
[JsonSerializable(typeof(ListPage<BotTokenResponse>))]
[JsonSerializable(typeof(CreatedTokenResponse))]
[JsonSerializable(typeof(ListPage<EnvUserPermissionResponse>))]
[JsonSerializable(typeof(ListPage<EnvBotPermissionResponse>))]
[JsonSerializable(typeof(ListPage<DeploymentPermissionResponse>))]
[JsonSerializable(typeof(ListPage<DeploymentBotPermissionResponse>))]
[JsonSerializable(typeof(AuditEventsResponse))]
[JsonSerializable(typeof(ServerResponse))]
[JsonSerializable(typeof(Dictionary<string, UserResponse>))]
[JsonSerializable(typeof(Dictionary<string, BotResponse>))]
[JsonSerializable(typeof(Dictionary<string, DeploymentIdentityResponse>))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>RFC 3339 in UTC, with <c>Z</c> and as many fraction digits as PostgreSQL keeps.</summary>
internal sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}

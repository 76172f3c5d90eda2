using System.Text.Json.Serialization;

namespace Platz.Core.Charts;

internal sealed record ManifestJson(
    int SchemaVersion,
    string? MediaType,
    OciDescriptor? Config,
    IReadOnlyList<OciDescriptor?>? Layers,
    Dictionary<string, string>? Annotations);

internal sealed record CatalogJson(IReadOnlyList<string?>? Repositories);

internal sealed record TagsJson(IReadOnlyList<string?>? Tags);

internal sealed record TokenJson(
    string? Token,
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("expires_in")] int? ExpiresIn);

/// <summary>The body of an error, as the distribution specification has it.</summary>
internal sealed record ErrorsJson(IReadOnlyList<ErrorJson?>? Errors);

internal sealed record ErrorJson(string? Code, string? Message);

/// <summary>The answer to ECR's GetAuthorizationToken.</summary>
internal sealed record EcrTokensJson(IReadOnlyList<EcrTokenJson?>? AuthorizationData);

/// <param name="ExpiresAt">Seconds since 1970.</param>
internal sealed record EcrTokenJson(string? AuthorizationToken, double? ExpiresAt);

/// <summary>Either spelling of the message occurs.</summary>
internal sealed record AwsErrorJson(
    [property: JsonPropertyName("__type")] string? Type,
    string? Message,
    [property: JsonPropertyName("Message")] string? MessageToo);

/// <summary>
/// Of the config blob, which is Chart.yaml as JSON, what must agree with the Chart.yaml in the archive.
/// </summary>
internal sealed record ChartConfigJson(string? Name, string? Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 32)]
[JsonSerializable(typeof(ManifestJson))]
[JsonSerializable(typeof(CatalogJson))]
[JsonSerializable(typeof(TagsJson))]
[JsonSerializable(typeof(TokenJson))]
[JsonSerializable(typeof(ErrorsJson))]
[JsonSerializable(typeof(ChartConfigJson))]
[JsonSerializable(typeof(EcrTokensJson))]
[JsonSerializable(typeof(AwsErrorJson))]
internal sealed partial class OciJson : JsonSerializerContext;

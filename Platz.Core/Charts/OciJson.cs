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
internal sealed partial class OciJson : JsonSerializerContext;

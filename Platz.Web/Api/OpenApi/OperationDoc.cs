namespace Platz.Web.Api.OpenApi;

/// <summary>What the OpenAPI document says of one route; it stands beside the route.</summary>
/// <param name="id">The name of the method in generated clients: where the existing product has the route, its.</param>
internal sealed class OperationDoc(string id, string tag, string summary)
{
    public string Id => id;

    public string Tag => tag;

    public string Summary => summary;

    public List<FieldDoc> Query { get; } = [];

    /// <summary>Null where no body is taken.</summary>
    public IReadOnlyList<FieldDoc>? Body { get; set; }

    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Null for an answer without a body, and for one that is no JSON.</summary>
    public Type? Answer { get; set; }

    public bool IsList { get; set; }

    /// <summary>Of an answer that is no JSON.</summary>
    public IReadOnlyList<string> Media { get; set; } = [];

    /// <summary>The existing product has no such route.</summary>
    public bool IsAddition { get; set; }
}

using Microsoft.Extensions.Configuration;

namespace Platz.Core.Catalog;

/// <summary>
/// Where Platz itself is reached from the clusters. A setting of the runner, which tells it to charts; read by all
/// programs, so that a preview shows what will be deployed.
/// </summary>
public sealed record OwnAddress(string Url)
{
    public const string Default = "http://localhost:8080";

    public static OwnAddress Of(IConfiguration configuration) => new(configuration["Runner:OwnUrl"] ?? Default);
}

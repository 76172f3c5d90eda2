using System.Reflection;

namespace Platz.Web.Api.V2;

internal static class ServerApi
{
    private static readonly string s_version = typeof(ServerApi).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Asked by clients before they have a token.</summary>
    public static void MapServer(this IEndpointRouteBuilder api) =>
        api.MapGet("/server", () => TypedResults.Ok(new ServerResponse(s_version))).AllowAnonymous();
}

internal sealed record ServerResponse(string Version);

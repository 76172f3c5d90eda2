using System.Reflection;
using Platz.Web.Api.OpenApi;

namespace Platz.Web.Api.V2;

internal static class ServerApi
{
    public static readonly string Version = typeof(ServerApi).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Asked by clients before they have a token.</summary>
    public static void MapServer(this IEndpointRouteBuilder api) =>
        api.MapGet("/server", () => TypedResults.Ok(new ServerResponse(Version))).AllowAnonymous()
            .Documents("getServerInfo", "Server", "The version of this server.").Answers<ServerResponse>();
}

internal sealed record ServerResponse(string Version);

using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Platz.Web.Security;

/// <summary>Whose word counts for where a request comes from, which names are ours, which sites may call.</summary>
internal static class NetworkEdge
{
    private static readonly TimeSpan s_preflight = TimeSpan.FromMinutes(10);

    public static void AddNetworkEdge(this IServiceCollection services)
    {
        services.AddOptions<EdgeOptions>().BindConfiguration(EdgeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EdgeOptions>, EdgeOptionsValidator>();
        services.AddCors();
    }

    /// <summary>Before everything that asks for an address, a scheme or a host.</summary>
    public static void UseProxies(this WebApplication app)
    {
        var edge = OptionsOf(app);
        if (edge.Proxies.Length == 0)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null, // as far as each that says so is one of ours
            AllowedHosts = edge.Hosts,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in edge.Proxies)
        {
            forwarded.KnownIPNetworks.Add(EdgeOptions.Network(proxy)!.Value);
        }

        app.UseForwardedHeaders(forwarded);
    }

    /// <summary>Who asks for health names an address, as nobody knows the process by name there.</summary>
    public static void UseHostNames(this WebApplication app)
    {
        StringSegment[] hosts = [.. OptionsOf(app).Hosts];
        if (hosts.Length == 0)
        {
            return;
        }

        app.Use((context, next) =>
            context.Request.Path.StartsWithSegments("/healthz") || HostString.MatchesAny(context.Request.Host.Host, hosts)
                ? next(context)
                : ErrorHandler.RefuseAsync(context, StatusCodes.Status400BadRequest, "This server has another name."));
    }

    /// <summary>The API for the sites that are named in the settings; nothing else, and for nobody else.</summary>
    public static void UseCrossOrigins(this WebApplication app)
    {
        var origins = OptionsOf(app).Cors.Origins;
        if (origins.Length == 0)
        {
            return;
        }

        app.UseWhen(
            context => SiteCheck.IsOfTokens(context.Request.Path),
            api => api.UseCors(cors => cors.WithOrigins(origins)
                .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
                .WithHeaders(
                    HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch,
                    "x-platz-token", "idempotency-key", "x-requested-with", "x-signalr-user-agent")
                .WithExposedHeaders(
                    HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, "x-platz-task-id")
                .SetPreflightMaxAge(s_preflight)));
    }

    private static EdgeOptions OptionsOf(WebApplication app) =>
        app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value;
}

using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api;
using Platz.Web.Audit;
using Platz.Web.Events;
using Platz.Web.Health;
using Platz.Web.Security;
using Platz.Web.SignIn;

namespace Platz.Web;

/// <summary>The web process, put together and not yet started.</summary>
internal static class WebHost
{
    private const int MaxBodyBytes = 1024 * 1024;

    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(5);

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = "Platz.Web",
            ContentRootPath = AppContext.BaseDirectory, // where the linked appsettings.json lies
        });
        ConfigureServer(builder);
        AddServices(builder);
        configure?.Invoke(builder);
        var isUp = false;

        // A failed start is told in one line by Program; the host would log its stack trace before that.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level =>
            level >= LogLevel.Information && (isUp || level < LogLevel.Error));
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => isUp = true);
        Map(app);
        return app;
    }

    private static void ConfigureServer(WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxBodyBytes;
            HeadLimits.LetIn(server.Limits);
        });
        builder.Host.UseDefaultServiceProvider(services => services.ValidateScopes = services.ValidateOnBuild = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdown);
        builder.Logging.AddOneLineConsole();

        // It logs the paths of requests at Information, and a path may be a sign-in link.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
    }

    private static void AddServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddPlatzDatabase(builder.Configuration);
        services.AddPlatzIdentity();
        services.AddSingleton<StartUp>();
        services.AddSingleton<WebSettings>();
        services.AddSingleton<Sessions>();
        services.AddSessionKeys();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "platz-antiforgery";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthentication(SessionCookie.Scheme).AddCookie(SessionCookie.Scheme, SessionCookie.Configure).AddProvider();
        services.AddSingleton<SessionStore>();
        services.AddOptions<CookieAuthenticationOptions>(SessionCookie.Scheme)
            .Configure<SessionStore>((cookie, store) => cookie.SessionStore = store);
        services.AddAuthorizationBuilder().SetDefaultPolicy(new AuthorizationPolicyBuilder(SessionCookie.Scheme)
            .RequireAuthenticatedUser().Build()); // what they see and may do, each page asks of Access
        services.AddScoped<AuthenticationStateProvider, LiveSession>();
        services.AddScoped<CircuitHandler, CircuitGate>();
        services.AddApi();
        services.AddEvents();
        services.AddNetworkEdge();
        services.AddRateLimits();
        services.AddRequestTimeouts();
        services.AddExceptionHandler<ErrorHandler>();
        services.AddPlatzPages();
    }

    private static void Map(WebApplication app)
    {
        app.UseProxies();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => ErrorHandler.WriteStatusAsync(context.HttpContext));
        app.UseHeadLimits();
        app.UseHostNames();
        app.UseCrossOrigins(); // answers preflights, which bring no token
        app.UseHubOriginCheck();
        app.UseSiteCheck();
        app.UseProvider();
        app.UseWebSockets();
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseAttemptLimits();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseDeniedAttempts();
        app.UseRateLimiter();
        app.UseOpenPages();
        app.UseAntiforgery();
        app.MapHealth();
        app.MapSignIn();
        app.MapApi();
        app.MapEventsHub();
        app.MapPlatzPages();
    }
}

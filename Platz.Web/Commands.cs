using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Audit;
using Platz.Web.Security;
using Platz.Web.SignIn;

namespace Platz.Web;

/// <summary>
/// What the program does besides serving. Answers go to standard output and nowhere else; whatever is logged goes to
/// standard error.
/// </summary>
internal static class Commands
{
    private const string Usage = """
        Usage: Platz.Web [--urls URL]    serve; --KEY=VALUE sets any configuration key
               Platz.Web migrate         bring the database's schema up to date
               Platz.Web sign-in-link    print the path of a link that signs the local admin in, once
               Platz.Web end-sessions    sign everybody out, for example after a dump was restored
               Platz.Web verify-audit [--heads FILE]
                                         whether the audit trail is as it was written; the last line is a head to
                                         keep elsewhere, and FILE holds such lines
               Platz.Web token [--name X]
                                         print a new API token of the local admin
        """;

    /// <summary>How long a starting database is waited for by those who cannot do without it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <returns>The exit code: 2 for a command that is not understood.</returns>
    public static Task<int> RunAsync(string[] args) => args switch
    {
        ["help" or "--help" or "-h"] => TellAsync(Console.Out, exitCode: 0),
        [] => ServeAsync(args),
        [var first, ..] when first.StartsWith("--", StringComparison.Ordinal) => ServeAsync(args),
        ["migrate"] => OnceAsync(s_patience, (_, _) => Task.FromResult(0)),
        ["sign-in-link"] => OnceAsync(TimeSpan.Zero, PrintSignInLinkAsync),
        ["end-sessions"] => OnceAsync(TimeSpan.Zero, EndSessionsAsync),
        ["verify-audit"] =>
            OnceAsync(TimeSpan.Zero, (services, cancel) => VerifyAuditAsync(services, heads: null, cancel)),
        ["verify-audit", "--heads", { Length: > 0 } file] =>
            OnceAsync(TimeSpan.Zero, (services, cancel) => VerifyAuditAsync(services, file, cancel)),
        ["token"] =>
            OnceAsync(TimeSpan.Zero, (services, cancel) => PrintTokenAsync(services, "command line", cancel)),
        ["token", "--name", { Length: > 0 } name] =>
            OnceAsync(TimeSpan.Zero, (services, cancel) => PrintTokenAsync(services, name, cancel)),
        _ => TellAsync(Console.Error, exitCode: 2),
    };

    private static async Task<int> ServeAsync(string[] args)
    {
        await using var app = WebHost.Build(args);
        await app.Services.GetRequiredService<StartUp>().PrepareAsync(s_patience, CancellationToken.None);
        await app.Services.GetRequiredService<WebSettings>().TellAsync(CancellationToken.None);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or FormatException or ArgumentException
            || e.Source is "Microsoft.AspNetCore.Server.Kestrel.Core")
        {
            throw new ListenException(app.Configuration["urls"], e);
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<int> OnceAsync(TimeSpan patience, Func<IServiceProvider, CancellationToken, Task<int>> command)
    {
        await using var app = WebHost.Build([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddOneLineConsole();
            builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        });
        await app.Services.GetRequiredService<StartUp>().PrepareAsync(patience, CancellationToken.None);
        return await command(app.Services, CancellationToken.None);
    }

    private static async Task<int> PrintSignInLinkAsync(IServiceProvider services, CancellationToken cancel)
    {
        if (services.GetRequiredService<IOptions<SignInOptions>>().Value is { HasProvider: true } signIn)
        {
            throw new SignInLinkException(signIn.ProviderName);
        }

        var admin = await services.GetRequiredService<LocalAdmin>().FindOrCreateAsync(cancel);
        var token = await services.GetRequiredService<SignInLinks>().CreateAsync(admin.Id, cancel);
        await Console.Out.WriteLineAsync($"/sign-in/{token}");
        return 0;
    }

    private static async Task<int> PrintTokenAsync(IServiceProvider services, string name, CancellationToken cancel)
    {
        var admin = await services.GetRequiredService<LocalAdmin>().FindOrCreateAsync(cancel);
        var made = await services.GetRequiredService<TokenEditor>().CreateAsync(
            NewToken.OfUser(admin.Id, name), new Actor.User(admin.Id, admin.DisplayName), cancel);
        if (made is not TokenResult.Created(_, var text))
        {
            await Console.Error.WriteLineAsync(((TokenResult.Refused)made).Why.Refusal("The local admin is gone."));
            return 1;
        }

        await Console.Out.WriteLineAsync(text);
        return 0;
    }

    private static Task<int> VerifyAuditAsync(IServiceProvider services, string? heads, CancellationToken cancel) =>
        new VerifyAudit(
            services.GetRequiredService<AuditChain>(), services.GetRequiredService<IDbContextFactory<PlatzDb>>(),
            Console.Out, Console.Error).RunAsync(heads, cancel);

    private static async Task<int> EndSessionsAsync(IServiceProvider services, CancellationToken cancel)
    {
        await services.GetRequiredService<SessionRegister>().EndEverybodysAsync(cancel);
        return 0;
    }

    private static async Task<int> TellAsync(TextWriter writer, int exitCode)
    {
        await writer.WriteLineAsync(Usage);
        return exitCode;
    }
}

/// <summary>With a provider, a link would be a second way in beside it.</summary>
internal sealed class SignInLinkException(string provider)
    : Exception($"People sign in to this Platz with {provider}: no link does (SignIn:Authority is set).");

/// <summary>The web server could not open what it should listen on; says the first line of why.</summary>
internal sealed class ListenException(string? urls, Exception cause)
    : Exception($"Cannot listen on {urls}: {cause.Message.Split('\n')[0].Trim()}", cause);

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Identity;
using Platz.Web;
using Platz.Web.Live;

namespace Platz.Tests.Support;

/// <summary>The real web process, in this one, on a port of its own choice and the test's database.</summary>
public sealed class WebServer : IAsyncDisposable
{
    /// <summary>Tests ask faster than people and bots.</summary>
    private const string Plenty = "1000000";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly TempFolder _folder;

    private WebServer(WebApplication app, TempFolder folder)
    {
        _app = app;
        _folder = folder;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.Single());
    }

    public Uri Url { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What the process has logged so far.</summary>
    public LogCapture Log { get; private init; } = new();

    /// <param name="keyFile">By default one of the server's own, gone when it is.</param>
    /// <param name="at">By default a port of its own choice.</param>
    /// <param name="settings">Others of the configuration.</param>
    /// <param name="level">Lower ones take longer than what they tell of.</param>
    public static async Task<WebServer> StartAsync(
        string connectionString, CancellationToken cancel, FakeTimeProvider? clock = null, string? keyFile = null,
        Uri? at = null, LogLevel level = LogLevel.Warning, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var folder = new TempFolder();
        var log = new LogCapture();
        var app = WebHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(
            [
                new("ConnectionStrings:Platz", connectionString),
                new("Secrets:KeyFile", keyFile ?? Path.Combine(folder.Path, "keys")),
                new("Limits:RequestsPerMinute", Plenty), new("Limits:ChangesPerMinute", Plenty),
                new("Limits:SignInsPerMinute", Plenty), new("Limits:BadTokensPerMinute", Plenty),
                new("Limits:OpenPages", Plenty), new("Limits:ConnectionsPerMinute", Plenty),
            ]);
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            builder.WebHost.UseUrls(at?.ToString() ?? "http://127.0.0.1:0");
            builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(level);
            if (clock is not null)
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
            }
        });
        await app.Services.GetRequiredService<StartUp>().PrepareAsync(TimeSpan.Zero, cancel);
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Services.GetRequiredService<ChangeFeed>().Heard += _ => listens.TrySetResult();
        await app.StartAsync(cancel);
        await listens.Task.WaitAsync(s_patience, cancel); // who is there before is told to begin anew
        return new WebServer(app, folder) { Log = log };
    }

    /// <summary>No cookies and no redirects but those that the test asks for.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = Url,
    };

    public async Task<HttpClient> ApiClientAsync(User user, CancellationToken cancel)
    {
        var client = Client();
        client.DefaultRequestHeaders.Add("x-platz-token", await TokenAsync(user, "test", cancel));
        return client;
    }

    public async Task<string> TokenAsync(User user, string name, CancellationToken cancel)
    {
        var made = await Services.GetRequiredService<TokenEditor>().CreateAsync(
            NewToken.OfUser(user.Id, name), new Actor.User(user.Id, user.DisplayName), cancel);
        return Assert.IsType<TokenResult.Created>(made).Text;
    }

    /// <summary>The Cookie header of a browser that has just opened a sign-in link.</summary>
    public async Task<string> SignInAsync(User user, CancellationToken cancel)
    {
        var token = await Services.GetRequiredService<SignInLinks>().CreateAsync(user.Id, cancel);
        using var client = Client();
        using var response = await client.GetAsync($"/sign-in/{token}", cancel);
        return Cookies(response);
    }

    /// <summary>What a browser would send back after this answer.</summary>
    public static string Cookies(HttpResponseMessage response) =>
        string.Join("; ", response.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage response, CancellationToken cancel) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(cancel))!;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}

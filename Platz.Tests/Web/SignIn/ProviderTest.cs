using System.Net;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.SignIn;

/// <summary>Platz with a provider, and browsers without a screen.</summary>
public abstract class ProviderTest(PostgresServer postgres) : WebTest(postgres)
{
    protected IdentityProvider Provider { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Provider = await IdentityProvider.StartAsync(Cancel);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override Task<WebServer> StartServerAsync() => WithAsync();

    protected Task<WebServer> WithAsync(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["SignIn:Authority"] = Provider.Authority,
            ["SignIn:ClientId"] = IdentityProvider.ClientId,
            ["SignIn:ClientSecret"] = IdentityProvider.ClientSecret,
            ["SignIn:ProviderName"] = "Keyring",
        };
        foreach (var (key, value) in settings)
        {
            all[$"SignIn:{key}"] = value;
        }

        return WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile, settings: all);
    }

    /// <summary>Follows the provider's and our redirects, and keeps cookies.</summary>
    protected static HttpClient Browser(WebServer server) =>
        new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = server.Url };

    /// <returns>Where the browser ends up, and what it reads there.</returns>
    protected static async Task<(HttpStatusCode Status, string Where, string Text)> OpenAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path, Cancel);
        return (answer.StatusCode, answer.RequestMessage!.RequestUri!.PathAndQuery, await answer.Content.ReadAsStringAsync(Cancel));
    }

    protected async Task<(HttpStatusCode Status, string Where, string Text)> SignInAsync(Person? person = null, WebServer? server = null)
    {
        Provider.Person = person ?? Provider.Person;
        using var browser = Browser(server ?? Server);
        return await OpenAsync(browser, "/sign-in?returnUrl=/tasks");
    }

    protected async Task<List<User>> ComersAsync()
    {
        await using var db = await DbAsync();
        return await db.Users.AsNoTracking().Where(u => u.Id != Alice.Id).OrderBy(u => u.CreatedAt).ToListAsync(Cancel);
    }
}

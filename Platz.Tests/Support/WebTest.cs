using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Identity;

namespace Platz.Tests.Support;

/// <summary>A test against the running web process; <see cref="Api"/> speaks as Alice, a site admin.</summary>
public abstract class WebTest(PostgresServer postgres) : DatabaseTest(postgres)
{
    protected WebServer Server { get; private set; } = null!;

    protected HttpClient Api { get; private set; } = null!;

    /// <summary>Sends neither token nor cookie.</summary>
    protected HttpClient Anonymous { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Server = await StartServerAsync();
        Api = await Server.ApiClientAsync(await UserAsync(), Cancel);
        Anonymous = Server.Client();
    }

    public override async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Anonymous.Dispose();
        await Server.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>As after a deploy: another process at the same address, which knows none of the open pages.</summary>
    /// <param name="meanwhile">What happens while there is none.</param>
    protected async Task RestartServerAsync(Func<Task> meanwhile)
    {
        var address = Server.Url;
        await Server.DisposeAsync();
        await meanwhile();
        Server = await WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile, at: address);
    }

    protected virtual Task<WebServer> StartServerAsync() => WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile);

    /// <summary>Alice as she is in the database now.</summary>
    protected async Task<User> UserAsync()
    {
        await using var db = await DbAsync();
        return await db.Users.SingleAsync(u => u.Id == Alice.Id, Cancel);
    }

    protected async Task<User> AddUserAsync(string name, bool isAdmin = false)
    {
        await using var db = await DbAsync();
        var user = new User { DisplayName = name, Email = $"{name}@example.org", IsAdmin = isAdmin };
        db.Add(user);
        await db.SaveChangesAsync(Cancel);
        return user;
    }

    protected async Task<HttpClient> ClientAsync(KindRole role)
    {
        var user = await AddUserAsync($"{role}");
        await using var db = await DbAsync();
        db.Add(new DeploymentPermission { EnvId = Env.Id, KindId = Kind.Id, UserId = user.Id, Role = role });
        await db.SaveChangesAsync(Cancel);
        return await Server.ApiClientAsync(user, Cancel);
    }

    protected async Task<HttpClient> ClientAsync(EnvRole role)
    {
        var user = await AddUserAsync($"env-{role}");
        await GrantAsync(user, role);
        return await Server.ApiClientAsync(user, Cancel);
    }

    protected async Task GrantAsync(User user, EnvRole role)
    {
        await using var db = await DbAsync();
        db.Add(new EnvPermission { EnvId = Env.Id, UserId = user.Id, Role = role });
        await db.SaveChangesAsync(Cancel);
    }

    protected Task<JsonNode> GetAsync(string path) => AnswerAsync(Api.GetAsync(path, Cancel), HttpStatusCode.OK);

    protected Task<JsonNode> PostAsync(string path, object body, HttpStatusCode expected) =>
        AnswerAsync(Api.PostAsJsonAsync(path, body, Cancel), expected);

    protected Task<JsonNode> PutAsync(string path, object body, HttpStatusCode expected) =>
        AnswerAsync(Api.PutAsJsonAsync(path, body, Cancel), expected);

    protected static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    protected static StringContent Body(JsonNode json) => Body(json.ToJsonString());

    /// <summary>The answer's JSON, once its status is the expected one.</summary>
    protected static async Task<JsonNode> AnswerAsync(Task<HttpResponseMessage> request, HttpStatusCode expected)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    protected static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}

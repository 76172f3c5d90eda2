using System.Net;
using Platz.Runner.Clusters;

namespace Platz.Tests.Runner.Clusters;

public sealed class FreshRightsTests
{
    private const string Bindings = "https://k/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";
    private const string Accounts = "https://k/api/v1/namespaces/shop/serviceaccounts";

    private readonly NoWaiting _clock = new();
    private readonly ControlPlane _servers = new();

    [Fact]
    public async Task What_is_refused_right_after_a_binding_is_asked_again_until_every_server_knows_it()
    {
        using var client = Client();
        await PostAsync(client, Bindings);
        _servers.RefusalsLeft = 3;

        Assert.Equal(HttpStatusCode.Created, await PostAsync(client, Accounts));
        Assert.Equal(5, _servers.Calls.Count); // the binding, and four times the account
        Assert.All(_servers.Calls, call => Assert.EndsWith(": {}", call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_stays_refused_is_refused_after_a_few_seconds()
    {
        using var client = Client();
        await PostAsync(client, Bindings);
        _servers.RefusalsLeft = int.MaxValue;

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(client, Accounts));
        var calls = _servers.Calls.Count;
        Assert.InRange(calls, 10, 60); // five a second
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(client, Accounts)); // it is not new any more
        Assert.Equal(calls + 1, _servers.Calls.Count);
    }

    [Theory]
    [InlineData("https://k/api/v1/namespaces/store/serviceaccounts")]
    [InlineData("https://k/api/v1/namespaces")]
    public async Task Elsewhere_a_refusal_is_one_at_once(string url)
    {
        using var client = Client();
        await PostAsync(client, Bindings);
        _servers.RefusalsLeft = 1;

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(client, url));
    }

    private HttpClient Client() => new(new FreshRights(_clock) { InnerHandler = _servers });

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string url)
    {
        using var content = new StringContent("{}");
        using var answer = await client.PostAsync(new Uri(url), content, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Whoever waits finds the time passed.</summary>
    private sealed class NoWaiting : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _now += dueTime;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>Servers that know of a binding after so many refusals.</summary>
    private sealed class ControlPlane : HttpMessageHandler
    {
        public int RefusalsLeft { get; set; }

        public List<string> Calls { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls.Add($"{request.RequestUri}: {await request.Content!.ReadAsStringAsync(cancellationToken)}");
            return new HttpResponseMessage(
                RefusalsLeft-- > 0 ? HttpStatusCode.Forbidden : HttpStatusCode.Created);
        }
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.SignIn;

namespace Platz.Tests.Web.SignIn;

public sealed class CircuitGateTests(PostgresServer postgres) : WebTest(postgres)
{
    [Fact]
    public async Task What_is_done_while_the_database_is_asked_is_done_in_its_order()
    {
        using var circuit = Server.Services.CreateScope();
        var live = await OpenAsync(circuit);
        var (gate, done) = (new CircuitGate(live), new List<int>());
        await using var asking = await Source.OpenConnectionAsync(Cancel);
        await using var hold = await asking.BeginTransactionAsync(Cancel);
        await using (var command = asking.CreateCommand())
        {
            command.CommandText = "LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync(Cancel);
        }

        var ours = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Unpunctual());
        var things = Enumerable.Range(1, 5).Select(DoAsync).ToList();
        SynchronizationContext.SetSynchronizationContext(ours);
        Assert.Empty(done);
        await hold.RollbackAsync(Cancel);
        await Task.WhenAll(things);

        Assert.Equal([1, 2, 3, 4, 5], done);

        Task DoAsync(int number) => gate.CreateInboundActivityHandler(_ =>
        {
            done.Add(number);
            return Task.CompletedTask;
        })(null!);
    }

    [Fact]
    public async Task What_is_done_after_the_session_has_ended_is_not_done()
    {
        using var circuit = Server.Services.CreateScope();
        var live = await OpenAsync(circuit);
        var (gate, done) = (new CircuitGate(live), 0);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        live.AuthenticationStateChanged += _ => ended.TrySetResult();
        await DoAsync();
        Assert.Equal(1, done);

        await Server.Services.GetRequiredService<SessionRegister>().EndEverybodysAsync(Cancel);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await DoAsync();
        Assert.Equal(1, done);

        Task DoAsync() => gate.CreateInboundActivityHandler(_ =>
        {
            done++;
            return Task.CompletedTask;
        })(null!);
    }

    private async Task<LiveSession> OpenAsync(IServiceScope circuit)
    {
        await Server.SignInAsync(await UserAsync(), Cancel);
        var live = (LiveSession)circuit.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        live.SetAuthenticationState(Task.FromResult(new AuthenticationState(await PrincipalAsync())));
        return live;
    }

    private async Task<ClaimsPrincipal> PrincipalAsync()
    {
        await using var db = await DbAsync();
        var session = Server.Services.GetRequiredService<Sessions>().Begin(await UserAsync());
        Sessions.Name((ClaimsIdentity)session.Identity!, await db.Sessions.Select(s => s.Id).SingleAsync(Cancel));
        return session;
    }

    /// <summary>Goes on with what was awaited as a scheduler may at its worst: every other time much later.</summary>
    private sealed class Unpunctual : SynchronizationContext
    {
        private int _posts;

        public override void Post(SendOrPostCallback d, object? state) =>
            _ = Task.Delay(Interlocked.Increment(ref _posts) % 2 * 200, Cancel).ContinueWith(_ => d(state), TaskScheduler.Default);
    }
}

using System.Diagnostics.CodeAnalysis;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using MudBlazor.Services;
using Platz.Web.Live;
using Platz.Web.Shared;

namespace Platz.Tests.Web.Shared;

/// <summary>Whoever runs a script may leave the page at any moment.</summary>
public sealed class RunningScriptTests : IAsyncDisposable
{
    private readonly BunitContext _page = new();
    private readonly SlowBrowser _browser = new();
    private readonly RunningScript _script = new();
    private readonly Screen _screen;

    public RunningScriptTests()
    {
        _page.Services.AddMudServices();
        _page.Services.AddSingleton(TimeProvider.System).AddScoped<Ticker>().AddScoped<Screen>();
        _page.Services.AddSingleton<IJSRuntime>(_browser);
        _screen = _page.Services.GetRequiredService<Screen>();
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    [Fact]
    public async Task What_began_while_its_component_left_is_stopped()
    {
        var starting = _script.StartAsync(_screen, "/some.js", "watch");
        _browser.Answer("import");
        await _script.DisposeAsync();

        _browser.Answer("watch");
        _browser.Answer("stop");
        await starting;

        Assert.Equal(["import", "watch", "stop"], _browser.Asked);
    }

    [Fact]
    public async Task What_was_not_loaded_when_its_component_left_never_begins()
    {
        var starting = _script.StartAsync(_screen, "/some.js", "watch");
        await _script.DisposeAsync();

        _browser.Answer("import");
        await starting;

        Assert.Equal(["import"], _browser.Asked);
    }

    [Fact]
    public async Task An_element_that_has_gone_with_its_component_is_nobodys_trouble()
    {
        var starting = _script.StartAsync(_screen, "/some.js", "watch");
        _browser.Answer("import");
        await _script.DisposeAsync();

        _browser.Fail("watch", new JSException("list is null"));

        await starting;
    }

    [Fact]
    public async Task A_script_that_fails_while_its_component_is_there_is_heard_of()
    {
        var starting = _script.StartAsync(_screen, "/some.js", "watch");
        _browser.Answer("import");

        _browser.Fail("watch", new JSException("no such function"));

        await Assert.ThrowsAsync<JSException>(() => starting);
    }

    /// <summary>Answers when it is told to.</summary>
    private sealed class SlowBrowser : IJSRuntime, IJSObjectReference
    {
        private readonly Dictionary<string, TaskCompletionSource<object?>> _asked = [];

        public IEnumerable<string> Asked => _asked.Keys;

        public void Answer(string name) => _asked[name].SetResult(name == "stop" ? null : this);

        public void Fail(string name, Exception error) => _asked[name].SetException(error);

        public async ValueTask<TValue> InvokeAsync<[DynamicallyAccessedMembers((DynamicallyAccessedMemberTypes)7)] TValue>(
            string identifier, object?[]? args) =>
            (TValue)(await (_asked[identifier] = new()).Task)!;

        public ValueTask<TValue> InvokeAsync<[DynamicallyAccessedMembers((DynamicallyAccessedMemberTypes)7)] TValue>(
            string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Platz.Web.Live;
using Platz.Web.SignIn;

namespace Platz.Web.Drafts;

/// <summary>
/// Keeps what is typed into the form that it stands in, each second, and gives it back when the form is opened again.
/// The form stands in an element marked <c>data-draft</c>, and says when nothing is to be kept any more.
/// </summary>
public sealed partial class DraftKeeper(FormDrafts drafts, Ticker ticker) : IDisposable
{
    private IDisposable? _ticking;
    private string? _key;
    private string? _kept;
    private bool _restored;
    private bool _ended;
    private bool _gone;

    /// <summary>Which form of what it is.</summary>
    [Parameter, EditorRequired]
    public required string Form { get; set; }

    /// <summary>What is typed, without secrets; null while there is nothing worth keeping.</summary>
    [Parameter, EditorRequired]
    public required Func<JsonObject?> Typed { get; set; }

    /// <summary>Puts what was typed back into the form, and renders it.</summary>
    [Parameter, EditorRequired]
    public required Func<JsonObject, Task> Restore { get; set; }

    /// <summary>The user wants the form as if nothing had been typed.</summary>
    [Parameter, EditorRequired]
    public required EventCallback OnDiscard { get; set; }

    /// <summary>Of a dialog: when it closes, however it does, nothing is kept any more.</summary>
    [Parameter]
    public bool EndsWithIt { get; set; }

    /// <summary>What else is to be said of what was restored.</summary>
    [Parameter]
    public string? Warning { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>Keeps what there is now, whatever the second.</summary>
    public async Task KeepAsync()
    {
        if (_key is not { } key || _ended)
        {
            return;
        }

        var text = Typed()?.ToJsonString();
        if (text != _kept && await drafts.WriteAsync(key, text))
        {
            _kept = text;
        }
    }

    /// <summary>It is saved, or given up.</summary>
    public async Task EndAsync()
    {
        _ended = true;
        if (_key is { } key)
        {
            await drafts.WriteAsync(key, null);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        var key = $"{(await Authentication).User.Id}:{Form}";
        _key = key;
        _kept = await drafts.ReadAsync(key);
        if (_gone || _ended)
        {
            return;
        }

        _restored = Parse(_kept) is { } typed && await RestoreAsync(typed);
        _ticking = ticker.Subscribe(() => _ = InvokeAsync(KeepAsync));
        await drafts.RestoredAsync();
        StateHasChanged();
    }

    public void Dispose()
    {
        _gone = true;
        _ticking?.Dispose();
        if (EndsWithIt && !drafts.IsStopping)
        {
            _ = EndAsync(); // of no avail where nobody is there any more, and so what was typed stays
        }
    }

    private async Task<bool> RestoreAsync(JsonObject typed)
    {
        try
        {
            await Restore(typed);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException)
        {
            return false; // it is of another shape: an older version of this program kept it, or nobody did
        }
    }

    private async Task DiscardAsync()
    {
        await EndAsync();
        await OnDiscard.InvokeAsync();
    }

    private static JsonObject? Parse(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // whoever wrote that, it was not us
        }
    }
}

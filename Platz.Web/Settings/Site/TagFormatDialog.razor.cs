using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Web.Drafts;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Settings.Site;

/// <summary>A format is written here, with what it would read in sight.</summary>
public sealed partial class TagFormatDialog(TagFormatReads reads, TagFormats formats)
{
    private string _pattern = "";
    private TagPreview? _preview;
    private string? _refusal;
    private string? _problem;
    private bool _looking;
    private bool _busy;

    [CascadingParameter]
    public required IMudDialogInstance Dialog { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>Of the field.</summary>
    private string? Error => _refusal ?? _preview?.Error;

    private string Words => (_looking, _preview) switch
    {
        (true, _) => "Reading the tags …",
        (_, null or { Error: not null }) => "",
        (_, { Charts: 0 }) => "There is no tag yet that it could read.",
        (_, { Fitting: 0 } none) => $"It fits none of {Tags(none.Charts)}.",
        (_, { New: 0 } old) => $"It fits {old.Fitting:N0} of {Tags(old.Charts)}; other formats have read them before.",
        (_, var some) => $"It fits {some.Fitting:N0} of {Tags(some.Charts)}, and would read {some.New:N0}.",
    };

    private static string Tags(int charts) => charts switch
    {
        1 => "1 tag",
        < TagFormatReads.ChartsLookedAt => $"{charts:N0} tags",
        _ => $"the {charts:N0} tags that were pushed last",
    };

    private static IEnumerable<(string Name, string Value)> Named(ReadTag read) =>
        from part in new[]
        {
            ("version", read.Version), ("revision", read.Revision), ("branch", read.Branch), ("commit", read.Commit),
        }
        where part.Item2 is not null
        select (part.Item1, part.Item2);

    private JsonObject? ToKept() => _pattern.Length == 0 ? null : new JsonObject { ["pattern"] = _pattern };

    private async Task RestoreAsync(JsonObject kept)
    {
        await TypeAsync(Kept.Text(kept["pattern"]) ?? "");
        StateHasChanged();
    }

    private async Task TypeAsync(string pattern)
    {
        if (pattern == _pattern)
        {
            return;
        }

        (_pattern, _refusal, _problem, _looking) = (pattern, null, null, pattern.Length > 0);
        if (!_looking)
        {
            _preview = null;
            return;
        }

        var (preview, problem) = await LookAsync(pattern);
        if (pattern == _pattern) // else what was typed since is being looked at
        {
            (_preview, _problem, _looking) = (preview, problem, false);
        }
    }

    private async Task<(TagPreview? Preview, string? Problem)> LookAsync(string pattern)
    {
        try
        {
            return (await reads.PreviewAsync(pattern, CancellationToken.None), null);
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            return (null, Screen.NoDatabase);
        }
    }

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        (_busy, _refusal, _problem) = (true, null, null);
        try
        {
            Show(await formats.AddAsync(_pattern, (await Authentication).User.Actor, CancellationToken.None));
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            _problem = Screen.NoDatabase;
        }
        finally
        {
            _busy = false;
        }
    }

    private void Show(SettingResult result)
    {
        switch (result)
        {
            case SettingResult.Saved:
                Dialog.Close(result);
                break;
            case SettingResult.Invalid or SettingResult.Conflict: // it is there already
                _refusal = result.Refusal("");
                break;
            default:
                _problem = result.Refusal("This format is gone.");
                break;
        }
    }
}

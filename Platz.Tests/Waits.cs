using System.Diagnostics;
using System.Runtime.ExceptionServices;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Platz.Tests;

/// <summary>
/// Waits that look again and again. They stand before bUnit's of the same names, which look after renders of the one
/// component only, and so perhaps never again where what they wait for is no part of it: the address, a dialog that was
/// asked for, a row in the database. What has failed in a component meanwhile ends them at once.
/// </summary>
internal static class Waits
{
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(15);

    /// <summary>A page that is not what it should be is told in full up to here, in characters.</summary>
    private const int MostTold = 20_000;

    /// <param name="page">What the assertion is about; it is made while nothing renders.</param>
    /// <param name="assertion">Throws until it is so.</param>
    /// <param name="patience">How long it may take; then the test fails with what was wrong, and the page.</param>
    public static void WaitForAssertion<T>(this IRenderedComponent<T> page, Action assertion, TimeSpan? patience = null)
        where T : IComponent =>
        UntilAsync(page, patience ?? s_usual, () =>
        {
            assertion();
            return true;
        }).GetAwaiter().GetResult();

    public static void WaitForState<T>(this IRenderedComponent<T> page, Func<bool> isSo, TimeSpan? patience = null)
        where T : IComponent =>
        page.WaitForAssertion(() => Assert.True(isSo()), patience);

    /// <returns>The first one, once there is any.</returns>
    public static IElement WaitForElement<T>(this IRenderedComponent<T> page, string selector, TimeSpan? patience = null)
        where T : IComponent =>
        UntilAsync(page, patience ?? s_usual, () => page.Find(selector)).GetAwaiter().GetResult();

    private static async Task<TResult> UntilAsync<T, TResult>(IRenderedComponent<T> page, TimeSpan patience, Func<TResult> look)
        where T : IComponent
    {
        var began = Stopwatch.GetTimestamp();
        var renderer = page.Services.GetRequiredService<BunitContext>().Renderer;
        while (true)
        {
            try
            {
                return await page.InvokeAsync(look).WaitAsync(patience).ConfigureAwait(false);
            }
            catch (Exception) when (renderer.UnhandledException is { IsCompleted: true } failed)
            {
                ExceptionDispatchInfo.Throw(failed.Result);
            }
            catch (Exception e) when (Stopwatch.GetElapsedTime(began) > patience)
            {
                throw new InvalidOperationException(
                    $"Not within {patience.TotalSeconds} s and {page.RenderCount} renders: {e.Message}\n{Told(page)}", e);
            }
            catch (Exception)
            {
                await Task.Delay(s_pause).ConfigureAwait(false);
            }
        }
    }

    private static string Told<T>(IRenderedComponent<T> page)
        where T : IComponent =>
        page.Markup is { Length: > MostTold } markup ? markup[..MostTold] : page.Markup;
}

using System.Diagnostics;

namespace Shortline.Unit.Tests.Time;

/// <summary>Waits, in real time and with a limit, for something that another thread makes true.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Returns as soon as <paramref name="condition"/> holds; fails with <paramref name="missing"/> after 10 s.</summary>
    public static Task True(Func<bool> condition, string missing) => True(() => Task.FromResult(condition()), () => missing);

    /// <summary>The same with a message made at the end, to say what was there instead.</summary>
    public static Task True(Func<bool> condition, Func<string> missing) => True(() => Task.FromResult(condition()), missing);

    /// <summary>The same with a condition that has to be asked for.</summary>
    public static Task True(Func<Task<bool>> condition, string missing) => True(condition, () => missing);

    /// <inheritdoc cref="True(Func{Task{bool}}, string)"/>
    public static async Task True(Func<Task<bool>> condition, Func<string> missing)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                Assert.Fail($"Not within {Limit.TotalSeconds:0} s: {missing()}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>
    /// The task's result; fails with <paramref name="missing"/> if it does not come within 10 s.
    /// </summary>
    /// <remarks>
    /// It does not return to the test's context, in which xunit starts a thread for each continuation: a thousand awaits would start a thousand
    /// threads, which takes ten seconds on a busy machine.
    /// </remarks>
    public static async Task<T> Completes<T>(Task<T> task, string missing)
    {
        await Completes((Task)task, missing).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="Completes{T}(Task{T}, string)"/>
    public static async Task Completes(Task task, string missing)
    {
        try
        {
            await task.WaitAsync(Limit, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"Not within {Limit.TotalSeconds:0} s: {missing}");
        }
    }
}

using System.Diagnostics;

namespace Shortline.Unit.Tests.Time;

/// <summary>Waits, in real time and with a limit, for something that another thread makes true.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Returns as soon as <paramref name="condition"/> holds; fails with <paramref name="expectation"/> after 10 s.</summary>
    public static Task True(Func<bool> condition, string expectation) => True(() => Task.FromResult(condition()), () => expectation);

    /// <summary>The same with a message that is made when the wait fails, so that it can show the actual state.</summary>
    /// <remarks>
    /// The condition is not checked in the test's context: xunit has as many threads for tests as there are processors, and while other
    /// tests block them for seconds, a condition that holds for a second only would be missed.
    /// </remarks>
    public static Task True(Func<bool> condition, Func<string> expectation) => True(() => Task.FromResult(condition()), expectation);

    /// <summary>The same with an asynchronous condition.</summary>
    public static Task True(Func<Task<bool>> condition, string expectation) => True(condition, () => expectation);

    /// <inheritdoc cref="True(Func{Task{bool}}, string)"/>
    public static async Task True(Func<Task<bool>> condition, Func<string> expectation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition().ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                Assert.Fail($"Not within {Limit.TotalSeconds:0} s: {expectation()}");
            }

            await Task.Delay(Pause, TimeProvider.System).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Returns the task's result; fails with <paramref name="expectation"/> if the task does not complete within 10 s.
    /// </summary>
    /// <remarks>
    /// It does not continue in the test's context, in which xunit starts a thread for each continuation: a thousand awaits would start a
    /// thousand threads, which takes ten seconds on a busy machine.
    /// </remarks>
    public static async Task<T> Completes<T>(Task<T> task, string expectation)
    {
        await Completes((Task)task, expectation).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="Completes{T}(Task{T}, string)"/>
    public static async Task Completes(Task task, string expectation)
    {
        try
        {
            await task.WaitAsync(Limit, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"Not within {Limit.TotalSeconds:0} s: {expectation}");
        }
    }
}

using Microsoft.Extensions.Logging;
using Shortline.Hosting.Logs;

namespace Shortline.Gateway;

/// <summary>
/// Repeats a step on a thread of its own until the step says that it is the last. A step that throws is logged, and the loop goes on: an
/// exception that ended the thread would end the process, and with it all requests.
/// </summary>
/// <param name="name">What the loop does, for the log.</param>
/// <param name="closing">Ends the loop after a step that threw.</param>
/// <param name="time">The clock of the log.</param>
/// <param name="log">The log.</param>
internal sealed partial class SteadyLoop(string name, WaitHandle closing, TimeProvider time, ILogger log)
{
    /// <summary>Pause after a step that threw, so that one that always throws does not keep a processor busy.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private readonly RateLimitedLog<string> _faults = new(time, LogInterval);

    /// <summary>Runs until a step returns false.</summary>
    public void Run(Func<bool> step)
    {
        var goesOn = true;
        while (goesOn)
        {
            try
            {
                goesOn = step();
            }
            catch (Exception fault)
            {
                if (_faults.TryPass(name, out var suppressed))
                    StepFailed(log, fault, name, suppressed);
                goesOn = !closing.WaitOne(Pause);
            }
        }
    }

    [LoggerMessage(3203, LogLevel.Error, "The gateway failed to {Step} and goes on; requests of this moment may be lost. Please report this error. {Suppressed} more since the last such line")]
    private static partial void StepFailed(ILogger log, Exception fault, string step, long suppressed);
}

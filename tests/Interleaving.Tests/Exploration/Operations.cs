using Microsoft.Coyote.Runtime;
using ControlledThread = Microsoft.Coyote.Rewriting.Types.Threading.Thread;

namespace Shortline.Interleaving.Tests.Exploration;

/// <summary>The operations of an execution. One runs at a time, and Coyote decides at each scheduling point which one goes on.</summary>
internal static class Operations
{
    private static int _running;

    /// <summary>Starts operations.</summary>
    public static void Start(params Action[] operations)
    {
        foreach (var operation in operations)
        {
            _running++;
            ControlledThread.Start(ControlledThread.Create(() => Run(operation)));
        }
    }

    /// <summary>Waits until all operations have ended, also those that were started by others.</summary>
    public static void Join() => Operation.PauseUntil(() => _running == 0);

    /// <summary>Forgets the operations of an execution that was broken off.</summary>
    public static void Begin()
    {
        _running = 0;
        LeaveContext();
    }

    private static void Run(Action operation)
    {
        LeaveContext();
        operation();
        _running--;
    }

    /// <summary>Coyote's context would have continuations posted to it, which threads of the product run at once.</summary>
    private static void LeaveContext() => SynchronizationContext.SetSynchronizationContext(null);
}

using Microsoft.Coyote.Runtime;

namespace System.Threading;

/// <summary>
/// Takes the place of the framework's lock in the sources that are compiled here: the compiler knows the type of a <c>lock</c> statement by this
/// name. Coyote decides who gets it.
/// </summary>
internal sealed class Lock
{
    private Thread? _holder;
    private int _depth;

    public bool IsHeldByCurrentThread => _holder == Thread.CurrentThread;

    public Scope EnterScope()
    {
        SchedulingPoint.Interleave();
        if (!IsHeldByCurrentThread)
        {
            Operation.PauseUntil(() => _holder is null);
            _holder = Thread.CurrentThread;
        }

        _depth++;
        return new Scope(this);
    }

    private void Exit()
    {
        if (--_depth > 0)
            return;
        _holder = null;
        SchedulingPoint.Interleave();
    }

    public readonly ref struct Scope(Lock held)
    {
        public void Dispose() => held.Exit();
    }
}

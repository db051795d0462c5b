namespace Shortline.LocalEngine;

/// <summary>Something an activation runs as a turn and that other work may have to wait for: a call or a tick of a timer.</summary>
internal abstract class WorkItem
{
    /// <summary>How it relates to other work of the same activation.</summary>
    public abstract Interleaving Interleaving { get; }

    /// <summary>What to name it in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Whether nobody waits for it any more, so that it need not start.</summary>
    public virtual bool IsAbandoned => false;

    /// <summary>
    /// Runs it on <paramref name="target"/>; <see cref="CallTarget.Finished"/> of <paramref name="runner"/> is called once, when it
    /// has ended. Does not throw.
    /// </summary>
    public abstract void Run(object target, CallTarget runner);
}

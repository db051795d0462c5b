namespace Shortline.LocalEngine;

/// <summary>What takes calls: an activation or an observer.</summary>
internal abstract class CallTarget
{
    /// <summary>The silo or client of this process it lives in; null if it lives elsewhere.</summary>
    public abstract Party? Owner { get; }

    /// <summary>Whether it is an observer, which is nowhere else when it is gone.</summary>
    public virtual bool IsObserver => false;

    /// <summary>Whether it takes no calls any more.</summary>
    public abstract bool IsGone { get; }

    /// <summary>Takes a call, on any thread; runs it later on another.</summary>
    public abstract void Receive(Call call);

    /// <summary>Something that it ran has ended.</summary>
    /// <param name="interleaving">As that was started.</param>
    /// <param name="countsAsUse">Whether it makes the target less idle.</param>
    public abstract void Finished(Interleaving interleaving, bool countsAsUse = true);

    /// <summary>What callers are told when it is lost while they wait.</summary>
    public abstract Exception Lost();

    /// <summary>What it is busy with, for the message of a timeout.</summary>
    public abstract string Describe();
}

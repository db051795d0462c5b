namespace Shortline.LocalEngine;

/// <summary>What takes calls: an activation or an observer.</summary>
internal abstract class CallTarget
{
    /// <summary>The silo or client it lives in.</summary>
    public abstract Party Owner { get; }

    /// <summary>Whether it takes no calls any more.</summary>
    public abstract bool IsGone { get; }

    /// <summary>Takes a call, on any thread; runs it later on another.</summary>
    public abstract void Receive(Call call);

    /// <summary>Something that it ran has ended.</summary>
    /// <param name="interleaving">As that was started.</param>
    /// <param name="countsAsUse">Whether it makes the target less idle.</param>
    public abstract void Finished(Interleaving interleaving, bool countsAsUse = true);

    /// <summary>What it is busy with, for the message of a timeout.</summary>
    public abstract string Describe();
}

namespace Shortline.LocalEngine;

/// <summary>
/// Makes what a grain awaits come back to its activation: continuations become turns, in order, one at a time.
/// </summary>
internal sealed class ActivationScheduler(Activation activation) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs a turn now, on this thread, with this as the current scheduler.</summary>
    public void Run(Task turn) => turn.RunSynchronously(this);

    /// <summary>Runs a continuation that was queued.</summary>
    public void RunQueued(Task continuation) => TryExecuteTask(continuation);

    protected override void QueueTask(Task task) => activation.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Activation.Current == activation && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}

using Shortline.Interleaving.Tests.Exploration;

namespace Shortline.Gateway;

/// <summary>Runs each work item as an operation of its own, as threads of a pool may do.</summary>
internal static class ThreadPool
{
    public static bool UnsafeQueueUserWorkItem(IThreadPoolWorkItem item, bool preferLocal)
    {
        _ = preferLocal;
        Operations.Start(item.Execute);
        return true;
    }

    public static bool UnsafeQueueUserWorkItem<T>(Action<T> work, T state, bool preferLocal)
    {
        _ = preferLocal;
        Operations.Start(() => work(state));
        return true;
    }
}

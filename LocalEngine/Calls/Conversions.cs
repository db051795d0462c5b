using System.Runtime.CompilerServices;

namespace Shortline.LocalEngine;

/// <summary>Makes what a grain method returned into what calls work with.</summary>
internal static class Conversions
{
    public static ValueTask<Unit> From() => default;

    public static ValueTask<TResult> From<TResult>(Task<TResult> task) => new(task);

    public static ValueTask<Unit> From(Task task) => task.IsCompletedSuccessfully ? default : Await(new ValueTask(task));

    public static ValueTask<Unit> From(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            return Await(task);
        }

        task.GetAwaiter().GetResult();
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Unit> Await(ValueTask task)
    {
        await task;
        return default;
    }
}

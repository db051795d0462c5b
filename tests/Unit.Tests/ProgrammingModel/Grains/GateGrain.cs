using Orleans;
using Orleans.Concurrency;

namespace Shortline.Unit.Tests.ProgrammingModel;

public sealed class GateGrain : GateGrainBase;

[Reentrant]
public sealed class ReentrantGateGrain : GateGrainBase, IReentrantGateGrain;

public abstract class GateGrainBase : Grain, IGateGrain
{
    private readonly TaskCompletionSource _open = new();
    private int _writes;
    private int _reads;
    private int _looks;

    public async Task Write()
    {
        _writes++;
        await _open.Task;
        _writes--;
    }

    public async Task Read()
    {
        _reads++;
        await _open.Task;
        _reads--;
    }

    public async Task Look()
    {
        _looks++;
        await _open.Task;
        _looks--;
    }

    public Task<(int Writes, int Reads, int Looks)> Inside() => Task.FromResult((_writes, _reads, _looks));

    public Task Open()
    {
        _open.TrySetResult();
        return Task.CompletedTask;
    }
}

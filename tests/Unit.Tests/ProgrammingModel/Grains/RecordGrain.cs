using Orleans;
using Orleans.Runtime;

namespace Shortline.Unit.Tests.ProgrammingModel;

public sealed class RecordGrain([PersistentState("record", "store")] IPersistentState<Record> record) : Grain, IRecordGrain
{
    public Task Save(int value)
    {
        record.State.Value = value;
        return record.WriteStateAsync();
    }

    public async Task<int> ChangeAndRead(int value)
    {
        record.State.Value = value;
        await record.ReadStateAsync();
        return record.State.Value;
    }

    public Task<(int Value, bool Exists)> Read() => Task.FromResult((record.State.Value, record.RecordExists));

    public Task Clear() => record.ClearStateAsync();

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

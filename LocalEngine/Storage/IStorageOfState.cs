namespace Orleans.Core;

/// <summary>Stored state.</summary>
/// <typeparam name="TState">Its type; made with its parameterless constructor where nothing is stored.</typeparam>
public interface IStorage<TState> : IStorage
{
    /// <summary>The state in memory.</summary>
    TState State { get; set; }
}

namespace Orleans.Core;

/// <summary>Stored state, whatever its type.</summary>
public interface IStorage
{
    /// <summary>The version of what was read or written last; null if there is nothing.</summary>
    string? Etag { get; }

    /// <summary>Whether something is stored.</summary>
    bool RecordExists { get; }

    /// <summary>Deletes what is stored and resets the state.</summary>
    Task ClearStateAsync();

    /// <summary>Deletes what is stored and resets the state.</summary>
    Task ClearStateAsync(CancellationToken cancellationToken);

    /// <summary>Reads what is stored.</summary>
    Task ReadStateAsync();

    /// <summary>Reads what is stored.</summary>
    Task ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Stores the state.</summary>
    Task WriteStateAsync();

    /// <summary>Stores the state.</summary>
    Task WriteStateAsync(CancellationToken cancellationToken);
}

namespace Shortline.Playground;

/// <summary>The load of a <see cref="LoadDriver"/>, open loop: the queues that form are the fleet's, not the clients'.</summary>
internal sealed class DriverLoad : ILoad, IDisposable
{
    private readonly LoadDriver _driver;

    /// <exception cref="StartFailedException">There are not enough free ports for the clients.</exception>
    public DriverLoad(LoadSettings settings, Operation operation, TimeProvider time, ILoggerFactory logs)
    {
        _driver = new LoadDriver(settings, time, logs);
        Operation = operation;
    }

    /// <inheritdoc/>
    public double Rate
    {
        get => _driver.Rate ?? 0;
        set => _driver.Rate = value;
    }

    /// <inheritdoc/>
    public bool Paused
    {
        get => _driver.Paused;
        set => _driver.Paused = value;
    }

    /// <inheritdoc/>
    public Operation Operation
    {
        get;
        set
        {
            _driver.Use(WorkOf(value));
            field = value;
        }
    }

    /// <inheritdoc/>
    public LoadProgress Snapshot() => _driver.Snapshot();

    /// <summary>Makes load until cancelled.</summary>
    public Task<LoadProgress> RunAsync(CancellationToken stop) => _driver.RunAsync(stop);

    /// <inheritdoc/>
    public void Dispose() => _driver.Dispose();

    private static LoadWork WorkOf(Operation operation) => operation switch
    {
        Operation.Echo => new LoadWork("echo", ["\"hello\""u8.ToArray()]),
        _ => new LoadWork("compute", ComputeTimes.Payloads),
    };
}

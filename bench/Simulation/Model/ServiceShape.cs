namespace Shortline.Bench.Simulation.Model;

/// <summary>How service times differ. The mean is 1 for all.</summary>
internal enum ServiceShape
{
    /// <summary>Memoryless: most are short, some are long. The usual assumption.</summary>
    Exponential,

    /// <summary>All the same.</summary>
    Constant,

    /// <summary>Nine in ten take half of the mean, one in ten takes five and a half.</summary>
    Bimodal,
}

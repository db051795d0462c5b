namespace Shortline.Bench.Simulation.Model;

/// <summary>The distribution of service times. The mean is always 1.</summary>
internal enum ServiceShape
{
    /// <summary>Exponential: most are short, some are long. The usual assumption of queueing theory.</summary>
    Exponential,

    /// <summary>All service times are equal.</summary>
    Constant,

    /// <summary>Nine in ten take half the mean, one in ten takes five and a half times the mean.</summary>
    Bimodal,
}

namespace Orleans.Runtime;

/// <summary>A timer of a grain. Disposing of it stops it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets both times anew.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

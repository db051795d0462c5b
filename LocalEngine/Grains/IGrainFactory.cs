namespace Orleans;

/// <summary>Finds grains and makes objects callable from grains.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to a grain. Nothing is activated before the first call.</summary>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>A reference to a grain. Nothing is activated before the first call.</summary>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <summary>A reference through which grains call <paramref name="obj"/>. It is held weakly: the caller must keep it.</summary>
    TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver;

    /// <summary>Takes back a reference made by <see cref="CreateObjectReference"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="obj"/> is not such a reference, or was taken back.</exception>
    void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver;
}

namespace Shortline.LocalEngine;

/// <summary>A stored state of a grain, whatever its type, to be read before the grain is activated.</summary>
internal interface IStoredState
{
    Task ReadStateAsync();
}
